#!/bin/sh
# The page: a greeting from configuration, who answered, and what the store holds.
echo "$REQUEST_METHOD / from $REMOTE_ADDR" >&2
printf 'Content-Type: text/plain; charset=utf-8\r\n\r\n'
echo "$GREETING"
echo "served by $POD_NAME, version $IMAGE_TAG"
echo
if [ "$REQUEST_METHOD" = POST ]; then
  IFS= read -r entry
  request="add $entry"
else
  request=list
fi
printf '%s\n' "$request" | nc -w 2 "$STORE" 7000 || echo "(the store does not answer)"
