/**
 * POST /api/uploads (multipart: file; PNG, JPEG or WebP up to 10 MB) -> UploadView; the sha256 is then named in
 * an action. GET /api/evidence/:id -> the file: pictures shown, all else as an attachment.
 */
export interface UploadView {
  sha256: string
  fileName: string
  size: number
}
