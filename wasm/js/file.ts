import { readFile } from "node:fs/promises";
import { type Read, readUrl } from "./load.js";

/** What a URL begins with, and no path: those of Windows have one letter before the colon. */
const SCHEME = /^[a-z][a-z\d+.-]+:/i;

/** As Node reads: from files, too. */
export const readFileOrUrl: Read = (place) => {
  const url = typeof place === "string" && SCHEME.test(place) ? new URL(place) : place;
  return typeof url !== "string" && url.protocol !== "file:" ? readUrl(url) : readFile(url);
};
