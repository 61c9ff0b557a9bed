package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_auth/auth_api/app"
)

var configFile = flag.String("f", "etc/auth.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("auth_api", *configFile, app.New)
}
