package config

import "tudoIM/core/conf"

// Config is etc/gateway.yaml, read. A route is "METHOD /path"; in Elsewhere,
// Uploads and Signed it may have segments :name, where any may stand.
type Config struct {
	conf.Half
	// JWTSecret verifies access tokens; empty means the generated one in DataDir.
	JWTSecret string `json:",optional"`
	// Services are the names that may follow /api/.
	Services []string
	// Public are the routes nobody has to be logged in for.
	Public []string
	// Inside are the paths that nothing from outside is passed on to.
	Inside []string `json:",optional"`
	// Aliases are other names of routes.
	Aliases []Alias `json:",optional"`
	// Elsewhere are routes that another service answers than the one they name.
	Elsewhere []Elsewhere `json:",optional"`
	// Uploads are the routes that take multipart and long bodies.
	Uploads []Upload `json:",optional"`
	// Signed are the routes of files, named :uid, that may be asked for with a
	// signed link in place of a token.
	Signed []string `json:",optional"`
	// MaxBody bounds every other body in bytes.
	MaxBody int64 `json:",default=262144,range=[1024:1048576]"`
	// Limits bound everything else about a request.
	Limits Limits
	// Origins is the comma separated list of foreign origins that may call.
	Origins string `json:",optional"`
	// Rates bound what is asked.
	Rates Rates
	// Proxies is the comma separated list of networks of proxies before the
	// gateway, whose X-Forwarded-For is believed.
	Proxies string `json:",optional"`
	// CertFile and KeyFile turn TLS on.
	CertFile string `json:",optional"`
	KeyFile  string `json:",optional"`
	// AccessLog writes a line for each request.
	AccessLog bool `json:",default=true"`
}

// Limits bound requests.
type Limits struct {
	// HeaderBytes is the first line and the headers together, URLBytes what is
	// asked for, Params the parameters of its query.
	HeaderBytes int `json:",default=16384,range=[4096:1048576]"`
	URLBytes    int `json:",default=8192,range=[1024:65536]"`
	Params      int `json:",default=100,range=[10:1000]"`
	// HeaderSeconds is how long headers may take to come, BodySeconds a body
	// that is no upload, IdleSeconds the next request on a connection.
	HeaderSeconds int `json:",default=5,range=[1:60]"`
	BodySeconds   int `json:",default=10,range=[1:300]"`
	IdleSeconds   int `json:",default=60,range=[1:3600]"`
	// An upload may take UploadSeconds, and a second more for each UploadRate
	// bytes.
	UploadSeconds int   `json:",default=60,range=[1:3600]"`
	UploadRate    int64 `json:",default=65536,range=[1024:1073741824]"`
}

// Rates are rates as rate.Parse reads them, each of one user or address.
type Rates struct {
	// User is for everything a user asks, IP for what is asked in nobody's name.
	User string
	IP   string
	// Upgrade is for sockets a user opens, Refused for those an address is
	// refused.
	Upgrade string
	Refused string
	// UploadBytes is for what a user sends on the routes of Uploads.
	UploadBytes string
	Routes      []RouteRate `json:",optional"`
}

// RouteRate is for what a user asks of Routes together.
type RouteRate struct {
	Name   string
	Rate   string
	Routes []string
}

// Alias forwards Route under another path.
type Alias struct {
	Route string
	Path  string
}

// Elsewhere is a route that Service answers.
type Elsewhere struct {
	Route   string
	Service string
}

// Upload is a route whose body is passed on as it comes.
type Upload struct {
	Route    string
	MaxBytes int64 `json:",range=[1:2147483648]"`
}
