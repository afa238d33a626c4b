export type Shapes = Record<string, unknown>;
