{{- /* goctl hands over the imports as one text, with logx at its end. Cut that
off, and "context" at the front, so that the rest forms one group with errs. */ -}}
{{- $end := 0 -}}
{{- range $i := len .imports -}}
{{- if eq (slice $.imports $i) "\"github.com/zeromicro/go-zero/core/logx\"" -}}{{- $end = $i -}}{{- end -}}
{{- end -}}
package {{.pkgName}}

import (
	"context"

	"tudoIM/common/errs"
	{{slice .imports 12 $end}}
)

// {{.logic}} serves one request.
type {{.logic}} struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func New{{.logic}}(ctx context.Context, svcCtx *svc.ServiceContext) *{{.logic}} {
	return &{{.logic}}{ctx: ctx, svcCtx: svcCtx}
}

{{if .hasDoc}}{{.doc}}
{{end -}}
func (l *{{.logic}}) {{.function}}({{.request}}) {{.responseType}} {
	{{- /* A body that was forgotten must not look like a success. */}}
	return {{if eq .returnString "return"}}resp, {{end}}errs.Internal
}
