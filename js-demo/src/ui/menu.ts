// What unfolds below a button: closed by Escape, by a click elsewhere, and when the focus leaves it.
import { useEffect, useState } from "preact/hooks";
import type { RefObject } from "preact";

export function useMenu(box: RefObject<HTMLElement | null>) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (!isOpen) return undefined;
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    };
    const elsewhere = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("keydown", key);
    addEventListener("pointerdown", elsewhere);
    addEventListener("focusin", elsewhere);
    return () => {
      removeEventListener("keydown", key);
      removeEventListener("pointerdown", elsewhere);
      removeEventListener("focusin", elsewhere);
    };
  }, [isOpen]);
  const button = { "aria-expanded": isOpen, onClick: () => setOpen(!isOpen) };
  return { isOpen, button, close: () => setOpen(false) };
}
