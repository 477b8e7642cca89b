/** io.k8s.apimachinery.pkg.version. Notation: see ../notation.ts. */
export const version = `
Info
  buildDate             string - required
  compiler              string - required
  emulationMajor        string -
  emulationMinor        string -
  gitCommit             string - required
  gitTreeState          string - required
  gitVersion            string - required
  goVersion             string - required
  major                 string - required
  minCompatibilityMajor string -
  minCompatibilityMinor string -
  minor                 string - required
  platform              string - required
`;
