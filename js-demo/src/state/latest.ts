// Of several questions the newest alone may settle what is shown.

/** Each call begins a new question, and gives back whether it is still the newest. */
export function latest(): () => () => boolean {
  let newest = 0;
  return () => {
    newest += 1;
    const mine = newest;
    return () => mine === newest;
  };
}
