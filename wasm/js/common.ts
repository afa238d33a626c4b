export { PodgateError } from "./error.js";
export { schema } from "./schema.js";
