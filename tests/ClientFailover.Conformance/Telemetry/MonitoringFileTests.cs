using System.Text.Json;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>The files of <c>samples/monitoring</c> by themselves.</summary>
public sealed class MonitoringFileTests
{
    [Test]
    public async Task Alerts_ByTheToolOfPrometheus_AreValidAndPassTheirTests()
    {
        foreach (var arguments in new[] { new[] { "check", "rules", "alerts.yml" }, ["test", "rules", "alerts.test.yml"] })
        {
            var (exitCode, output) = await PrometheusServer.RunToolAsync(MonitoringFiles.Directory, arguments);

            Assert.That(exitCode, Is.Zero, output);
        }
    }

    [Test]
    public async Task Alerts_AllOfThem_HaveATest()
    {
        var rules = await File.ReadAllLinesAsync(MonitoringFiles.Of("alerts.yml"));
        var names = rules.Select(l => l.Trim()).Where(l => l.StartsWith("- alert: ", StringComparison.Ordinal)).Select(l => l["- alert: ".Length..]).ToList();
        var tests = await File.ReadAllTextAsync(MonitoringFiles.Of("alerts.test.yml"));

        Assert.That(names, Has.Count.GreaterThan(10).And.Unique);
        foreach (var name in names)
        {
            Assert.That(tests, Does.Contain($"alertname=\"{name}\""));
        }
    }

    [Test]
    public void Dashboard_Layout_IsWhole()
    {
        var dashboard = Dashboard.Load();
        var panels = dashboard.Panels.ToList();
        Assert.That(panels.Select(p => p.GetProperty("id").GetInt32()), Is.Unique);
        Assert.That(dashboard.Variables, Is.EqualTo(new[] { "datasource", "job", "instance" }));
        var taken = new HashSet<(int X, int Y)>();
        foreach (var panel in panels)
        {
            var title = panel.GetProperty("title").GetString();
            Assert.That(title, Is.Not.Empty);
            var place = panel.GetProperty("gridPos");
            for (var x = Of(place, "x"); x < Of(place, "x") + Of(place, "w"); x++)
            {
                Assert.That(x, Is.LessThan(24), title);
                for (var y = Of(place, "y"); y < Of(place, "y") + Of(place, "h"); y++)
                {
                    Assert.That(taken.Add((x, y)), Is.True, $"{title} lies on another.");
                }
            }

            if (panel.GetProperty("type").GetString() != "row")
            {
                Assert.That(panel.GetProperty("description").GetString(), Is.Not.Empty, title);
                Assert.That(panel.GetProperty("datasource").GetProperty("uid").GetString(), Is.EqualTo("${datasource}"), title);
                Assert.That(panel.GetProperty("targets").GetArrayLength(), Is.GreaterThan(0), title);
            }
        }
    }

    private static int Of(JsonElement place, string name) => place.GetProperty(name).GetInt32();
}
