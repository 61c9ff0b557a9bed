package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_settings/settings_api/app"
)

var configFile = flag.String("f", "etc/settings.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("settings_api", *configFile, app.New)
}
