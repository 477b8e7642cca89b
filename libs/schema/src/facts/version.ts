/** io.k8s.apimachinery.pkg.version. Notation: see ../notation.ts. */
export const version = `
Info
  major                 string - required
  minor                 string - required
  emulationMajor        string -
  emulationMinor        string -
  minCompatibilityMajor string -
  minCompatibilityMinor string -
  gitVersion            string - required
  gitCommit             string - required
  gitTreeState          string - required
  buildDate             string - required
  goVersion             string - required
  compiler              string - required
  platform              string - required
`;
