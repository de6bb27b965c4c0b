using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

public sealed class TelemetryRulesTests
{
    private static readonly ServiceOptions Good = new() { OtlpEndpoint = "https://collector:4317" };

    private static IEnumerable<TestCaseData> Mistakes()
    {
        const string address = "OtlpEndpoint must be an http or https address without user, query and fragment, such as https://collector:4317.";
        yield return new TestCaseData(Good with { MetricsGroups = -1 }, "MetricsGroups is -1; it must be between 0 and 1000.");
        yield return new TestCaseData(Good with { MetricsGroups = 1001 }, "MetricsGroups is 1001; it must be between 0 and 1000.");
        yield return new TestCaseData(Good with { OtlpEndpoint = "collector:4317" }, address);
        yield return new TestCaseData(Good with { OtlpEndpoint = "https://user:planted@collector:4317" }, address);
        yield return new TestCaseData(Good with { OtlpEndpoint = "https://collector:4317/?key=planted" }, address);
        yield return new TestCaseData(Good with { OtlpProtocol = "Json" }, "OtlpProtocol is 'Json'; it must be Grpc or HttpProtobuf.");
        yield return new TestCaseData(
            Good with { OtlpSignals = "Metrics,Profiles" }, "OtlpSignals is 'Metrics,Profiles'; it must name one at least of Metrics, Traces, Logs, and nothing else.");
        yield return new TestCaseData(Good with { OtlpSignals = "," }, "OtlpSignals is ','; it must name one at least of Metrics, Traces, Logs, and nothing else.");
        yield return new TestCaseData(Good with { OtlpTraceRatio = 1.5 }, "OtlpTraceRatio is 1.5; it must be between 0 and 1.");
        yield return new TestCaseData(Good with { OtlpTraceRatio = double.NaN }, "OtlpTraceRatio is NaN; it must be between 0 and 1.");
        yield return new TestCaseData(
            Good with { OtlpMetricsInterval = TimeSpan.Zero }, "OtlpMetricsInterval is 00:00:00; it must be between 00:00:01 and 01:00:00.");
        yield return new TestCaseData(
            new ServiceOptions { OtlpHeadersFile = "x" }, "OtlpHeadersFile is set, but OtlpEndpoint, where its headers are sent, is not.");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Check_SettingThatCannotWork_IsTold(object options, string mistake) =>
        Assert.That(ServiceOptionsRules.Check(((ServiceOptions)options) with { DataDirectory = "data" }), Is.EqualTo(new[] { mistake }));

    [Test]
    public void Check_HeadersThatWouldCrossTheNetworkReadable_AreRefused()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("headers"), "Authorization: Bearer planted-secret");
        var options = new ServiceOptions { DataDirectory = "data", OtlpHeadersFile = directory.File("headers") };

        Assert.That(
            ServiceOptionsRules.Check(options with { OtlpEndpoint = "http://collector:4317" }),
            Is.EqualTo(new[] { "OtlpHeadersFile is set, but OtlpEndpoint is not encrypted: anybody in between could read its headers. It must be an https address." }));
        Assert.That(ServiceOptionsRules.Check(options with { OtlpEndpoint = "http://127.0.0.1:4317" }), Is.Empty);
        Assert.That(ServiceOptionsRules.Check(options with { OtlpEndpoint = "https://collector:4317" }), Is.Empty);
    }

    [Test]
    public void Check_HeadersThatCannotBeRead_AreToldWithoutTheirContent()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("headers"), "planted-secret");
        var options = Good with { DataDirectory = "data", OtlpHeadersFile = directory.File("headers") };

        Assert.That(
            ServiceOptionsRules.Check(options),
            Is.EqualTo(new[] { $"OtlpHeadersFile is '{options.OtlpHeadersFile}'; it cannot be used: line 1 is no header, which is written Name: value." }));
        Assert.That(
            ServiceOptionsRules.Check(options with { OtlpHeadersFile = directory.File("none") }).Single(),
            Does.StartWith($"OtlpHeadersFile is '{directory.File("none")}'; it cannot be used: "));
    }
}
