package logic

// DownloadHeadLogic serves one HEAD of a download: of the answer to GET
// net/http sends the headers alone.
type DownloadHeadLogic = DownloadLogic
