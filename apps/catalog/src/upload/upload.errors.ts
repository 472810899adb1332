import { refuse } from '@onecount/refusal';

const messages = {
  UPLOAD_NOT_RECEIVED: 'No file was put there yet.',
  UPLOAD_ALREADY_IMPORTED: 'The file is imported already; upload it again to import it again.',
  UPLOAD_ALREADY_USED: 'The picture of this upload is kept already; name it by its content hash.',
};

export function uploadNotReady(code: keyof typeof messages, uploadId: string) {
  return refuse('UploadNotReady', code, messages[code], { uploadId });
}
