export const podFields = () => ({});
