// Package hostile plays the matrix of bad inputs against a running suite, in
// both modes: by the gateway, at the REST ports of the halves (with no
// identity, a forged one and one that is rightly signed) and at their rpc ports
// (without and with the internal proof). The routes are those of docs/openapi,
// the methods those of the .proto files: a new one is played by itself.
//
// Each request must be answered soon, with its status and code in the envelope,
// without a word of our insides and without repeating what it was asked; after
// it, or after all that are alike on one route, the database has the rows it
// had. After each set of rows no file and nothing temporary is left, nobody's
// open socket has heard anything, every process is the one that was started,
// and no answer was a 5xx. At the end no log speaks of a panic, or holds a
// password, a token, a ticket, a confirmation or a secret that was used.
//
// What is answered 5xx, and why: only what gRPC itself says of bytes that are
// no message (Internal, "failed to unmarshal"), before anything of ours is
// asked.
//
// Which row is played where; "here" is this package:
//
//	A1 A2 A5 A7 A8      here (every service, sockets, cost); e2e TestTokensThatAreNone; A5 on a socket: e2e TestASocketEndsWithItsToken
//	A9                  e2e TestADisabledAccountIsLoggedOut, TestADeletedUserIsGone
//	A12-A14 A16-A23     e2e hostile_auth_test.go, auth_test.go; auth_rpc openlogin and logic
//	A24                 there is no second factor yet
//	G1                  here; gateway proxy TestIdentityIsOurs
//	G6 G7 G24           here; gateway proxy TestPaths. That inner addresses are on the loopback is what the yaml says; not played
//	G8                  here; that one request reaches the half is played by what it answers
//	G9                  here, many only: the etcd of the single process has no other client. An address within TUDO_NETWORKS that is
//	                    another service's is asked, and not played: TUDO_NETWORKS is what keeps strangers out
//	G10                 here, many only: a second gateway beside the single process would not find its etcd
//	G11 G16 G17         here, on every route but uploads (rows F); common/response has the bounds one by one
//	G18 G21 G22 G26     here
//	G23                 here, on every answer
//	G27                 here, of every process; connections to etcd are among its file descriptors
//	U1-U17              e2e hostile_user_test.go, rights_test.go; here every field of every route with another type and at its ends
//	PC1-PC3 PC7-PC9     here
//	PC4                 here but for 10,000 tops, for which there would have to be as many friends
//	PC10 PC11           there is no search of messages and no burning yet; here that there is no route
//	PC12                here, and e2e TestAnEndedFriendshipStopsMessages, TestFilesAreForWhoMayReadTheirMessages
//	W1 W3 W24           here; that a ticket ends after 30 s: auth_rpc; 4003 at the end of a token: e2e TestASocketEndsWithItsToken
//	W4 W6 W11           here; chat_api ws TestFramesOutsideTheProtocolCloseTheSocket
//	W7 W20 W21          here; W7 for every key of common/ctype.Body
//	W8                  e2e TestRates; gateway proxy TestEachRateAtItsLimitAndPastIt; chat_api ws TestASocketThatDoesNotWaitIsClosed,
//	                    TestTheEleventhSocketClosesTheOldest
//	W23                 here that typing to strangers is heard by nobody; how often: chat_api ws TestPasses, TestAUserMayAskAndSendSoMuch
//	W16                 here; at once: e2e TestOneMessageOfFiftySends. After an hour: by the table's unique key, not played
//	W17                 here; disabled and curtailed: e2e rights_test.go
//	W18                 e2e TestACurtailedUserIsStopped, TestWhoMaySpeakInAGroup
//	W22                 here, many only: the Redis of the single process has a password that nobody is told. That forgeries are counted: not played
//	R1-R20              e2e hostile_group_test.go and groups_*_test.go
//	F2-F20              file_api, file_rpc and e2e files, images, links, parts and preview tests; F17 F18: nothing fetches foreign addresses
//	S1-S4 S6 S7         e2e admin_test.go
//	S5                  here
//	C                   e2e TestStartUp, TestStartOnADatabase, TestStartInAnyOrder, TestTwoOfOneAddress
package hostile
