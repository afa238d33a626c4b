import { readFile } from "node:fs/promises";
import { type Read, readUrl } from "./load.js";

/** As Node reads: from files, too. */
export const readFileOrUrl: Read = (place) => {
  const url = typeof place === "string" && URL.canParse(place) ? new URL(place) : place;
  return typeof url !== "string" && url.protocol !== "file:" ? readUrl(url) : readFile(url);
};
