{{if .hasComment}}{{.comment}}{{end}}
func (l *{{.logicName}}) {{.method}}({{if .hasReq}}in {{.request}}{{if .stream}}, stream {{.streamBody}}{{end}}{{else}}stream {{.streamBody}}{{end}}) {{if .hasReply}}({{.response}}, error){{else}}error{{end}} {
	{{- /* A body that was forgotten must not look like a success. */}}
	return {{if .hasReply}}nil, {{end}}errs.Internal
}
