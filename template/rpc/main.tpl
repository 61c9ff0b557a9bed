{{- /* goctl names neither this folder nor its import path: take the path from
the first import, which ends in /internal/config, and the folder from the path. */ -}}
{{- $root := "" -}}
{{- range $i := len .imports -}}
{{- if and (eq $root "") (eq (printf "%.16s" (slice $.imports $i)) "/internal/config") -}}{{- $root = slice $.imports 1 $i -}}{{- end -}}
{{- end -}}
{{- $name := "" -}}
{{- range $i := len $root -}}
{{- if eq (printf "%.1s" (slice $root $i)) "/" -}}{{- $name = slice (slice $root $i) 1 -}}{{- end -}}
{{- end -}}
package main

import (
	"flag"

	"tudoIM/core/run"
	"{{$root}}/app"
)

var configFile = flag.String("f", "etc/{{.serviceName}}.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("{{$name}}", *configFile, app.New)
}
