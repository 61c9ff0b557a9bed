package {{.packageName}}

import (
	"context"

	"tudoIM/common/errs"
	{{.imports}}
)

// {{.logicName}} serves one request.
type {{.logicName}} struct {
	ctx    context.Context
	svcCtx *svc.ServiceContext
}

func New{{.logicName}}(ctx context.Context, svcCtx *svc.ServiceContext) *{{.logicName}} {
	return &{{.logicName}}{ctx: ctx, svcCtx: svcCtx}
}
{{.functions}}
