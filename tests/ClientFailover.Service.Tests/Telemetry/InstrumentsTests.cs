using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Transport;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

/// <summary>The list of metrics, the service and the table for operators say the same.</summary>
public sealed partial class InstrumentsTests
{
    private const string OfHealth = "clientfailover.omf.";

    [Test]
    public void All_NamesUnitsAndLabels_AreAsTheConventionsHaveThem()
    {
        Assert.That(Instruments.All.Select(i => i.Name), Is.Unique);
        foreach (var info in Instruments.All)
        {
            Assert.That(info.Name, Does.Match("^clientfailover(\\.[a-z]+(_[a-z]+)*)+$"));
            Assert.That(info.Unit, Does.Match("^(s|1|\\{[a-z]+\\})$"), info.Name);
            Assert.That(info.Kind == InstrumentKind.Histogram, Is.EqualTo(info.Name.EndsWith(".duration", StringComparison.Ordinal)), info.Name);
            Assert.That(info.Labels, Is.All.Match("^[a-z]+$"), info.Name);
        }
    }

    [Test]
    public async Task All_OfTheService_AreWhatItPublishes()
    {
        await using var host = await ApiHost.StartAsync("--MetricsGroups", "1");
        var factory = host.App.Services.GetRequiredService<IMeterFactory>();
        var published = new List<(string, InstrumentKind, string?)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (i, _) =>
        {
            if (ReferenceEquals(i.Meter.Scope, factory) && i.Meter.Name == ServiceMeter.Name)
            {
                published.Add((i.Name, KindOf(i), i.Unit));
            }
        };

        listener.Start();

        // Those of health messages come to be with the first health endpoint, and only where there is a sender.
        var listed = Instruments.All.Select(i => (i.Name, i.Kind, (string?)i.Unit)).ToList();
        Assert.That(published, Is.SubsetOf(listed));
        Assert.That(listed.Where(i => !i.Name.StartsWith(OfHealth, StringComparison.Ordinal)), Is.SubsetOf(published));
    }

    [Test]
    public void Table_OfTheReadme_SaysTheSame()
    {
        var file = Path.Combine(Root(), "samples", "monitoring", "README.md");
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");

        var table = "| metric | type | unit | labels | meaning |\n|---|---|---|---|---|\n" + string.Concat(Instruments.All.Select(i =>
            $"| `{i.Name}` | {i.Kind.ToString().ToLowerInvariant()} | {i.Unit} | {string.Join(", ", i.Labels.Select(l => $"`{l}`"))} | {i.Meaning} |\n"));

        Assert.That(Between().Match(text).Groups[1].Value, Is.EqualTo(table), "Between the marks belongs this table.");
    }

    [Test]
    public void Labels_OfTheReadme_HaveEveryLimit()
    {
        var limits = typeof(LimitMeter).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => $"`{f.GetRawConstantValue()}`").ToList();

        var row = File.ReadLines(Path.Combine(Root(), "samples", "monitoring", "README.md")).Single(l => l.StartsWith("| `limit` |", StringComparison.Ordinal));

        Assert.That(row.Split('|')[2].Trim().Split(", "), Is.EqualTo(limits));
    }

    [Test]
    public void Files_ForPrometheusAndGrafana_NameOnlyMetricsThatThereAre()
    {
        var known = Instruments.All.SelectMany(NamesInPrometheus).ToHashSet();
        foreach (var file in new[] { "alerts.yml", "alerts.test.yml", "dashboard.json" })
        {
            var used = Metric().Matches(File.ReadAllText(Path.Combine(Root(), "samples", "monitoring", file))).Select(m => m.Value).Distinct().ToList();

            Assert.That(used, Has.Count.GreaterThan(8), file);
            Assert.That(used, Is.SubsetOf(known), file);
        }
    }

    private static IEnumerable<string> NamesInPrometheus(InstrumentInfo info)
    {
        var name = info.Name.Replace('.', '_') + (info.Unit == "s" ? "_seconds" : "");
        return info.Kind switch
        {
            InstrumentKind.Counter => [$"{name}_total"],
            InstrumentKind.Histogram => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => [name],
        };
    }

    private static InstrumentKind KindOf(Instrument instrument) => instrument switch
    {
        Histogram<double> => InstrumentKind.Histogram,
        ObservableCounter<long> or Counter<long> => InstrumentKind.Counter,
        _ => InstrumentKind.Gauge,
    };

    private static string Root()
    {
        var directory = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "ClientFailover.sln")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }

    [GeneratedRegex("<!-- metrics -->\n(.*?)<!-- /metrics -->", RegexOptions.Singleline)]
    private static partial Regex Between();

    [GeneratedRegex(@"\bclientfailover_[a-z_]+\b(?=[{\[ )=<>""]|$)", RegexOptions.Multiline)]
    private static partial Regex Metric();
}
