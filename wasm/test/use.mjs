// What every environment does with the package: both entry points judge one pod, and say what came of it.

/** A pod that is refused. */
export const POD = `apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  containers: [{name: a, image: a:1, securityContext: {privileged: true}}]
`;

/** The program; what it gives is {@link EXPECTED}. */
export const PROGRAM = `
const pod = ${JSON.stringify(POD)};
async function judge(createGate) {
  const gate = await createGate({ profiles: ["ci"] });
  const { summary, findings } = gate.check(pod, { source: "pod.yaml", date: "2026-11-24" });
  gate.free();
  return \`\${summary.denied} \${findings[0].policy} \${findings[0].span.start.line}\`;
}
async function all(podgate, verdict) {
  return \`done \${await judge(podgate.createGate)}, \${await judge(verdict.createGate)}\`;
}
`;

export const EXPECTED = "done true CI201 5, true CI201 5";

/** The program with the package imported. */
export const IMPORTS = `import * as podgate from "podgate";\nimport * as verdict from "podgate/verdict";\n${PROGRAM}`;
