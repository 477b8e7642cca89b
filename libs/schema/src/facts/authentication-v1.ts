/** io.k8s.api.authentication.v1. Notation: see ../notation.ts. */
export const authenticationV1 = `
BoundObjectReference
  kind       string 1
  apiVersion string 2
  name       string 3
  uid        string 4 go=types.UID

SelfSubjectReview kind
  metadata meta.ObjectMeta         1
  status   SelfSubjectReviewStatus 2

SelfSubjectReviewStatus
  userInfo UserInfo 1

TokenRequest kind
  metadata meta.ObjectMeta    1
  spec     TokenRequestSpec   2
  status   TokenRequestStatus 3

TokenRequestSpec
  audiences         []string              1 always list=atomic
  expirationSeconds *int64                4 always
  boundObjectRef    *BoundObjectReference 3 always

TokenRequestStatus
  token               string 1 always
  expirationTimestamp time   2

TokenReview kind
  metadata meta.ObjectMeta   1
  spec     TokenReviewSpec   2 required
  status   TokenReviewStatus 3

TokenReviewSpec
  token     string   1 required omitempty
  audiences []string 2 list=atomic

TokenReviewStatus
  authenticated bool     1
  user          UserInfo 2
  audiences     []string 4 list=atomic
  error         string   3

UserInfo
  username string       1
  uid      string       2
  groups   []string     3 list=atomic
  extra    map:[]string 4 go=map[string]v1.ExtraValue
`;
