package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_user/user_api/app"
)

var configFile = flag.String("f", "etc/users.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("user_api", *configFile, app.New)
}
