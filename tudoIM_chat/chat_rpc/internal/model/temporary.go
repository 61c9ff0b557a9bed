package model

import (
	"context"
	"fmt"

	"github.com/zeromicro/go-zero/core/logx"
	"golang.org/x/sync/errgroup"

	"tudoIM/common/conversation"
)

// askers is how many users are asked about at once.
const askers = 8

// A temporary session is what two have who are not friends while they are in a
// group that lets its members write to each other. It is nowhere written down
// that they have: group_rpc is asked, each time it matters.

// Admit implements conversation.Home: strangers who have a temporary session
// may send.
func (p Private) Admit(ctx context.Context, keys []conversation.Key) (map[conversation.Key]uint64, error) {
	together, err := p.pairs(ctx, keys)
	if err != nil || len(together) == 0 {
		return nil, err
	}
	pairs := make([]Pair, 0, len(together))
	for k := range together {
		pairs = append(pairs, PairOf(k.User, k.Target))
	}
	found, err := p.Find(ctx, pairs)
	if err != nil {
		return nil, err
	}
	ids := make(map[conversation.Key]uint64, len(together))
	for k := range together {
		pair := PairOf(k.User, k.Target)
		if found[pair] == 0 {
			if found[pair], err = p.ensure(ctx, p.DB.DB, pair); err != nil {
				return nil, err
			}
		}
		ids[k] = found[pair]
	}
	return ids, nil
}

// pairs returns those of keys, of two people, who have a temporary session.
func (p Private) pairs(ctx context.Context, keys []conversation.Key) (map[conversation.Key]bool, error) {
	peers := map[uint64][]uint64{}
	for _, k := range keys {
		if pair := PairOf(k.User, k.Target); pair.possible() && pair.Low != 0 && pair.Low != pair.High {
			peers[k.User] = append(peers[k.User], k.Target)
		}
	}
	answers := make(chan map[conversation.Key]bool, len(peers))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(askers)
	for user, of := range peers {
		work.Go(func() error {
			with, err := p.with(ctx, user, of...)
			found := make(map[conversation.Key]bool, len(with))
			for peer := range with {
				found[conversation.Key{User: user, Target: peer}] = true
			}
			answers <- found
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	close(answers)
	together := map[conversation.Key]bool{}
	for found := range answers {
		for k := range found {
			together[k] = true
		}
	}
	return together, nil
}

// with returns those of peers with whom user has a temporary session.
func (p Private) with(ctx context.Context, user uint64, peers ...uint64) (map[uint64]bool, error) {
	if p.Together == nil || len(peers) == 0 {
		return nil, nil
	}
	list, err := p.Together(ctx, user, peers)
	if err != nil {
		return nil, fmt.Errorf("temporary sessions of %d: %w", user, err)
	}
	found := make(map[uint64]bool, len(list))
	for _, id := range list {
		found[id] = true
	}
	return found, nil
}

// receipts lets none go where a temporary session is over, or nobody can tell.
func (p Private) receipts(ctx context.Context, user uint64, list []*conversation.View) {
	var peers []uint64
	for _, v := range list {
		if v.Temporary && !v.NoReceipts {
			peers = append(peers, v.TargetID)
		}
	}
	together, err := p.with(ctx, user, peers...)
	if err != nil {
		logx.WithContext(ctx).Errorf("no receipts go: %v", err)
	}
	for _, v := range list {
		if v.Temporary && !together[v.TargetID] {
			v.NoReceipts = true
		}
	}
}
