package model

import (
	"strings"

	"tudoIM/utils/text"
)

// How a user, or a group, answers who asks.
const (
	VerifyNobody  int32 = 0
	VerifyAnybody int32 = 1
	// VerifyMessage asks for a message, VerifyAnswers for answers, which a person
	// judges; VerifyRight lets in who answers right.
	VerifyMessage int32 = 2
	VerifyAnswers int32 = 3
	VerifyRight   int32 = 4
)

// MaxWords bounds a message to who decides, a problem and an answer, in
// characters.
const MaxWords = 200

// Question are up to three problems and their answers.
type Question struct {
	Problem1, Problem2, Problem3 string
	Answer1, Answer2, Answer3    string
}

// Asks reports whether there is any problem.
func (q Question) Asks() bool { return q.Problem1 != "" || q.Problem2 != "" || q.Problem3 != "" }

// Right reports whether given answers every problem of q; case, width and
// blanks around an answer do not count.
func (q Question) Right(given Question) bool {
	right := true
	for _, p := range [][3]string{
		{q.Problem1, q.Answer1, given.Answer1}, {q.Problem2, q.Answer2, given.Answer2}, {q.Problem3, q.Answer3, given.Answer3},
	} {
		right = right && (p[0] == "" || text.Fold(strings.TrimSpace(p[1])) == text.Fold(strings.TrimSpace(p[2])))
	}
	return right
}

// AnsweredBy reports whether given says anything to every problem of q.
func (q Question) AnsweredBy(given Question) bool {
	return (q.Problem1 == "" || text.Visible(given.Answer1)) && (q.Problem2 == "" || text.Visible(given.Answer2)) &&
		(q.Problem3 == "" || text.Visible(given.Answer3))
}

// Answered returns the problems of q with the answers of given.
func (q Question) Answered(given Question) Question {
	q.Answer1, q.Answer2, q.Answer3 = given.Answer1, given.Answer2, given.Answer3
	return q
}

// Check reports whether every text of q is one.
func (q Question) Check() bool {
	for _, p := range []string{q.Problem1, q.Problem2, q.Problem3} {
		if !text.Plain(p, MaxWords) || p != "" && !text.Visible(p) {
			return false
		}
	}
	return text.Plain(q.Answer1, MaxWords) && text.Plain(q.Answer2, MaxWords) && text.Plain(q.Answer3, MaxWords)
}

// Serves reports whether q asks what mode needs.
func (q Question) Serves(mode int32) bool {
	return mode < VerifyAnswers || q.Asks() && (mode != VerifyRight || q.AnsweredBy(q))
}

// Asked is what mode asks of q: the problems, where they are asked.
func (q Question) Asked(mode int32) Question {
	if mode != VerifyAnswers && mode != VerifyRight {
		return Question{}
	}
	return q.Answered(Question{})
}

// QuestionChange is a change of a question; nil stays as it is.
type QuestionChange struct {
	Problem1, Problem2, Problem3 *string
	Answer1, Answer2, Answer3    *string
}

// Apply returns q changed by c. The answer to a problem that is another one now
// is gone, unless a new one comes along.
func (c QuestionChange) Apply(q Question) Question {
	one := func(problem, answer *string, newProblem, newAnswer *string) {
		if newProblem != nil && *newProblem != *problem {
			*problem, *answer = *newProblem, ""
		}
		if newAnswer != nil {
			*answer = *newAnswer
		}
		if *problem == "" {
			*answer = ""
		}
	}
	one(&q.Problem1, &q.Answer1, c.Problem1, c.Answer1)
	one(&q.Problem2, &q.Answer2, c.Problem2, c.Answer2)
	one(&q.Problem3, &q.Answer3, c.Problem3, c.Answer3)
	return q
}

// Verdict is what becomes of one who asks.
type Verdict int

const (
	// Refused: nobody is taken.
	Refused Verdict = iota
	// Silent: a message, or an answer, is missing.
	Silent
	// Wrong: an answer is wrong.
	Wrong
	// Waits: a person decides.
	Waits
	// Taken: at once.
	Taken
)

// Judge says what becomes of one who asks with verify and given, where mode and
// q are in force.
func Judge(mode int32, q Question, verify string, given Question) Verdict {
	switch mode {
	case VerifyAnybody:
		return Taken
	case VerifyMessage:
		if !text.Visible(verify) {
			return Silent
		}
		return Waits
	case VerifyAnswers:
		if !q.AnsweredBy(given) {
			return Silent
		}
		return Waits
	case VerifyRight:
		if !q.Asks() {
			return Refused
		}
		if !q.Right(given) {
			return Wrong
		}
		return Taken
	}
	return Refused
}
