package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_gateway/app"
)

var configFile = flag.String("f", "etc/gateway.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("gateway", *configFile, app.New)
}
