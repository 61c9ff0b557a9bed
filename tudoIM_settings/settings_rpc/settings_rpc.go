package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_settings/settings_rpc/app"
)

var configFile = flag.String("f", "etc/settings_rpc.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("settings_rpc", *configFile, app.New)
}
