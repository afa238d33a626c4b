// Addresses of scripts that the page starts. The page's security policy lets no others through.

interface Policy {
  createScriptURL(address: string): unknown;
}
interface Factory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

/** An address of this very site; another is an error. */
function own(address: string): string {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin) throw new TypeError(`${url.origin} is not this site`);
  return url.href;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy("podgate", { createScriptURL: own });

/** The address of a script of this site, as the browser wants to have it. */
export const scriptAddress = (address: string): string => (policy?.createScriptURL(address) ?? own(address)) as string;
