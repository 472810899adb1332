import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const openssl = (...args: string[]) => run('openssl', args);

export type Certificate = { certFile: string; keyFile: string };
export type CertificateAuthority = {
  folder: string;
  caFile: string;
  /** A certificate for a name; the subject's common name is the same. */
  issue(name: string): Promise<Certificate>;
  remove(): Promise<void>;
};

const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority that nobody else trusts, in a folder of its own, made with openssl. */
export async function certificateAuthority(): Promise<CertificateAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'onecount-ca-'));
  const path = (name: string) => join(folder, name);
  const caFile = path('ca.pem');
  const made = ['-keyout', path('ca.key'), '-out', caFile, '-subj', '/CN=Test authority'];
  await openssl('req', '-x509', ...ellipticKey, '-days', '2', ...made);
  return {
    folder,
    caFile,
    async issue(name) {
      const { certFile, keyFile } = { certFile: path(`${name}.pem`), keyFile: path(`${name}.key`) };
      const asked = ['-x509', ...ellipticKey, '-days', '2', '-subj', `/CN=${name}`];
      const extensions = [
        '-addext',
        `subjectAltName=DNS:${name}`,
        '-addext',
        'basicConstraints=CA:FALSE',
      ];
      const signed = [
        '-CA',
        caFile,
        '-CAkey',
        path('ca.key'),
        '-keyout',
        keyFile,
        '-out',
        certFile,
      ];
      await openssl('req', ...asked, ...extensions, ...signed);
      return { certFile, keyFile };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
