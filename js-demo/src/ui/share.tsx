// A link that holds everything.
import { useRef, useState } from "preact/hooks";
import { copy, notify } from "../state/notice";
import { toFragment } from "../state/share";
import { saved } from "../state/state";
import { CloseIcon, ShareIcon } from "./icons";

export function ShareButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [link, setLink] = useState("");
  const show = async () => {
    const url = new URL(location.href);
    try {
      url.hash = await toFragment(saved.value);
    } catch (error) {
      notify(`${error instanceof Error ? error.message : String(error)}. Export the files instead.`);
      return;
    }
    // The address now says what is shown, so that a bookmark keeps it.
    history.replaceState(null, "", url.href);
    setLink(url.href);
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" class="tool" title="A link to what is shown" onClick={() => void show()}>
        <ShareIcon /> <span>Share</span>
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby="share-title" onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
        <div class="dialog-body">
          <div class="dialog-title">
            <h2 id="share-title">Share what you see</h2>
            <button type="button" class="tool" aria-label="Close" onClick={() => dialog.current?.close()}><CloseIcon /></button>
          </div>
          <p>
            The link holds the files, profiles, settings and policies themselves, behind the <code>#</code>. Browsers send that
            part to no server. Whoever has the link can read it all: take secrets out first.
          </p>
          <label>
            Link, {link.length.toLocaleString("en")} characters
            <input readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
          </label>
          {link.length > 30_000 && <p class="warn">Some programs cut links as long as this one. Export the files instead.</p>}
          <div class="actions">
            <button type="button" class="primary" onClick={() => { void copy(link, "Link"); dialog.current?.close(); }}>Copy the link</button>
          </div>
        </div>
      </dialog>
    </>
  );
}
