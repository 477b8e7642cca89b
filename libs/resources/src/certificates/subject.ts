import { derValues, objectIdTag, sequenceTag, type DerValue } from './der';
import { pemBlocks } from './pem';

const setTag = 0x31;
/** id-at-organizationName (RFC 5280). */
const organizationName = '55040a';

const within = (value: DerValue | undefined, tag: number): readonly DerValue[] =>
  value?.tag === tag ? derValues(value.content) : [];

/** The groups that a certificate request (PKCS #10, in PEM) asks for; undefined when it cannot be read. */
export function requestOrganizations(pem: string): readonly string[] | undefined {
  const [block] = pemBlocks(pem);
  if (block?.type !== 'CERTIFICATE REQUEST') return undefined;
  try {
    const [whole] = derValues(block.bytes);
    const [info] = within(whole, sequenceTag);
    const [, subject] = within(info, sequenceTag);
    if (subject?.tag !== sequenceTag) return undefined;
    const attributes = derValues(subject.content).flatMap((relative) => within(relative, setTag));
    return attributes.flatMap((attribute) => {
      const [type, value] = within(attribute, sequenceTag);
      const isOrganization = type?.tag === objectIdTag && type.content.toString('hex') === organizationName;
      return isOrganization && value ? [value.content.toString()] : [];
    });
  } catch {
    return undefined;
  }
}
