// The examples, which tell what podgate is for from top to bottom.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import groups from "podgate-examples";
import { open } from "../state/session";
import { example } from "../state/state";

const WIDE = "(min-width: 1180px)";

/** Whether the gallery is shown; from the start where there is room. */
export const galleryOpen = signal(matchMedia(WIDE).matches);

const isWide = () => matchMedia(WIDE).matches;

export function Gallery() {
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isWide()) galleryOpen.value = false;
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, []);
  return (
    <>
      {galleryOpen.value && <div class="veil" onClick={() => (galleryOpen.value = false)} />}
      <aside id="gallery" class="gallery" aria-label="Examples" hidden={!galleryOpen.value}>
        {groups.map((group) => (
          <section key={group.title}>
            <h2>{group.title}</h2>
            <ul>
              {group.examples.map((one) => (
                <li key={one.id}>
                  <button
                    type="button" aria-current={example.value === one.id ? "true" : undefined} title={one.story}
                    onClick={() => {
                      open(one);
                      if (!isWide()) galleryOpen.value = false;
                    }}
                  >
                    {one.title}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
        <p class="aside-note">Nothing that you paste leaves this browser: podgate runs in the page, and works without a network.</p>
      </aside>
    </>
  );
}
