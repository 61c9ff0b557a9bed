package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_file/file_rpc/app"
)

var configFile = flag.String("f", "etc/file_rpc.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("file_rpc", *configFile, app.New)
}
