package logic

// PreviewHeadLogic serves one HEAD of a preview: of the answer to GET net/http
// sends the headers alone.
type PreviewHeadLogic = PreviewLogic
