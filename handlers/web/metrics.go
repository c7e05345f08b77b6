package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Figure is one number at this moment. Figures of one name have the same help and the same label names.
type Figure struct {
	Name    string // e.g. "updates_handled_total"; shown with "kartoteka_" before it
	Help    string
	Value   float64
	Growing bool              // a count that only grows, by convention named …_total
	Labels  map[string]string // may be nil
}

// figures shows a snapshot at each scrape: those who count need not know Prometheus.
type figures func() []Figure

// Describe sends nothing: the figures are known when they are asked for.
func (f figures) Describe(chan<- *prometheus.Desc) {}

// Collect sends the snapshot.
func (f figures) Collect(out chan<- prometheus.Metric) {
	for _, fig := range f() {
		kind := prometheus.GaugeValue
		if fig.Growing {
			kind = prometheus.CounterValue
		}
		desc := prometheus.NewDesc("kartoteka_"+fig.Name, fig.Help, nil, fig.Labels)
		m, err := prometheus.NewConstMetric(desc, kind, fig.Value)
		if err != nil {
			m = prometheus.NewInvalidMetric(desc, err)
		}
		out <- m
	}
}

// metrics answers with the process's own figures and those passed in, from a registry of its own.
func metrics(snapshot func() []Figure) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if snapshot != nil {
		registry.MustRegister(figures(snapshot))
	}
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{Registry: registry})
}
