package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_file/file_api/app"
)

var configFile = flag.String("f", "etc/file.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("file_api", *configFile, app.New)
}
