package sandbox

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// checkLink is TDLib's LinkManager::check_link: the address in its full form, or why Telegram does not take
// it. Only http, https, tg, ton and tonsite pass; a host needs a dot, so localhost is refused.
func checkLink(link string) (string, error) {
	link = strings.TrimSpace(link)
	lower := strings.ToLower(link)
	for _, scheme := range [...]string{"tg:", "ton:", "tonsite:"} {
		if strings.HasPrefix(lower, scheme) {
			return link, nil
		}
	}
	if !strings.Contains(link, "://") {
		if head, _, ok := strings.Cut(link, ":"); ok && !strings.ContainsAny(head, "./?#@") {
			return "", wrong("Unsupported URL protocol")
		}
		link = "http://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return "", wrong("Wrong HTTP URL")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", wrong("Unsupported URL protocol")
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err != nil {
		if !strings.Contains(host, ".") || strings.HasSuffix(host, ".") || strings.ContainsAny(host, " <>\"{}|\\^`") {
			return "", wrong("Wrong HTTP URL")
		}
	}
	if u.Path == "" {
		u.Path = "/"
	}
	if u.RawQuery == "" && u.Fragment == "" && !u.ForceQuery {
		return u.Scheme + "://" + authority(u) + u.EscapedPath(), nil
	}
	_, rest, _ := strings.Cut(link, "://")
	tail := strings.TrimPrefix(rest, authority(u))
	if !strings.HasPrefix(tail, "/") {
		tail = "/" + tail
	}
	return u.Scheme + "://" + authority(u) + tail, nil
}

func authority(u *url.URL) string {
	if u.User != nil {
		return u.User.String() + "@" + u.Host
	}
	return u.Host
}

// linkedUser is the id in a tg://user?id=… link, else 0.
func linkedUser(link string) int64 {
	u, err := url.Parse(link)
	if err != nil || !strings.EqualFold(u.Scheme, "tg") || u.Host+u.Opaque != "user" {
		return 0
	}
	id, err := strconv.ParseInt(u.Query().Get("id"), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}
