using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public class ServiceOptionsRulesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case(new() { Port = -1 }, "Port is -1; it must be between 0 and 65535.");
        yield return Case(new() { Port = 65536 }, "Port is 65536; it must be between 0 and 65535.");
        yield return Case(new() { CleartextHttpPort = 70000 }, "CleartextHttpPort is 70000; it must be between 0 and 65535.");
        yield return Case(new() { CleartextGrpcPort = -2 }, "CleartextGrpcPort is -2; it must be between 0 and 65535.");
        yield return Case(new() { CleartextGrpcPort = 5590 }, "Port and CleartextGrpcPort are both 5590; each needs a port of its own.");
        yield return Case(
            new() { CleartextGrpcPort = 80, CleartextHttpPort = 80 },
            "CleartextHttpPort and CleartextGrpcPort are both 80; each needs a port of its own.");
        yield return Case(new() { Address = "localhost" }, "Address is 'localhost'; it must be an IP address such as 0.0.0.0, :: or 127.0.0.1.");
        yield return Case(new() { DataDirectory = string.Empty }, "DataDirectory must be set: this account has no home directory to put it in.");
        yield return Case(new() { DataDirectory = "a\0b" }, "DataDirectory is not a path.");
        yield return Case(
            new() { DataDirectory = typeof(ServiceOptions).Assembly.Location },
            $"DataDirectory is '{typeof(ServiceOptions).Assembly.Location}'; that is a file, it must be a directory.");
        yield return Case(new() { CertificateName = "../x" }, CertificateName("../x"));
        yield return Case(new() { CertificateName = "a/b" }, CertificateName("a/b"));
        yield return Case(
            new() { KeyProtectionPasswordFile = "p" },
            "KeyProtectionPasswordFile is set, but KeyProtectionCertificate, whose password it has, is not.");
        yield return Case(
            new() { MinimumFailoverTimeout = TimeSpan.Zero },
            "MinimumFailoverTimeout is 00:00:00; it must be between 00:00:00.0100000 and 365.00:00:00.");
        yield return Case(
            new() { MaximumFailoverTimeout = TimeSpan.FromDays(366) },
            "MaximumFailoverTimeout is 366.00:00:00; it must be between 00:00:00.0100000 and 365.00:00:00.");
        yield return Case(
            new() { MinimumFailoverTimeout = 3 * Second, MaximumFailoverTimeout = 2 * Second },
            "MinimumFailoverTimeout (00:00:03) must not be longer than MaximumFailoverTimeout (00:00:02).");
        yield return Case(
            new() { MaximumFailoverTimeout = 2 * Second },
            "DefaultFailoverTimeout is 00:01:00; it must be between 00:00:01 and 00:00:02 (MinimumFailoverTimeout to MaximumFailoverTimeout).");
        yield return Case(new() { ConnectionLossGrace = -Second }, "ConnectionLossGrace is -00:00:01; it must be between 00:00:00 and 1.00:00:00.");
        yield return Case(new() { HeartbeatTolerance = -Second }, "HeartbeatTolerance is -00:00:01; it must be between 00:00:00 and 1.00:00:00.");
        yield return Case(new() { MinimumHoldTime = -Second }, "MinimumHoldTime is -00:00:01; it must be between 00:00:00 and 365.00:00:00.");
        yield return Case(new() { DrainTimeout = TimeSpan.Zero }, "DrainTimeout is 00:00:00; it must be between 00:00:00.0010000 and 1.00:00:00.");
        yield return Case(new() { MinimumHeartbeatInterval = 1 }, "MinimumHeartbeatInterval is 1; it must be between 0 and 0.95.");
        yield return Case(new() { MinimumHeartbeatInterval = double.NaN }, "MinimumHeartbeatInterval is NaN; it must be between 0 and 0.95.");
        yield return Case(
            new() { LastDataProcessedTimeInterval = 11 * Second },
            "LastDataProcessedTimeInterval is 00:00:11; it must be between 00:00:00.1000000 and 00:00:10.");
        yield return Case(new() { LogFileSize = 0 }, "LogFileSize is 0; it must be between 1 and 1024.");
        yield return Case(new() { LogFileCount = 1001 }, "LogFileCount is 1001; it must be between 1 and 1000.");
        yield return Case(new() { LogFileFormat = "Xml" }, "LogFileFormat is 'Xml'; it must be one of Text, Json.");
        yield return Case(new() { LogConsoleFormat = "" }, "LogConsoleFormat is ''; it must be one of Text, Json.");
        yield return Case(new() { HistoryPerGroup = 0 }, "HistoryPerGroup is 0; it must be between 1 and 1000000.");
        yield return Case(
            new() { SessionRetention = 3600 * Second },
            "SessionRetention is 01:00:00; it must be between 1.00:00:00 and 3650.00:00:00, or 00:00:00: sessions are kept for ever.");
        yield return Case(new() { MaxStreamsPerConnection = 0 }, "MaxStreamsPerConnection is 0; it must be between 1 and 1000000.");
        yield return Case(new() { MaxRequestBodySize = 1 }, "MaxRequestBodySize is 1; it must be between 65536 and 16777216.");
        yield return Case(new() { MaxConnections = -1 }, "MaxConnections is -1; it must be between 0 and 1000000.");
        yield return Case(new() { MaxConnectionsPerAddress = -1 }, "MaxConnectionsPerAddress is -1; it must be between 0 and 1000000.");
        yield return Case(new() { MaxNewConnectionsPerSecond = -1 }, "MaxNewConnectionsPerSecond is -1; it must be between 0 and 1000000.");
        yield return Case(new() { MaxInputPerSecond = 1 }, "MaxInputPerSecond is 1; it must be 0 or between 65536 and 1073741824.");
        yield return Case(new() { MaxRequestsPerSecondPerCaller = -1 }, "MaxRequestsPerSecondPerCaller is -1; it must be between 0 and 1000000.");
        yield return Case(new() { MaxStreamResetsPerSecond = -1 }, "MaxStreamResetsPerSecond is -1; it must be between 0 and 1000000.");
        yield return Case(new() { MaxRememberedCredentials = 1 }, "MaxRememberedCredentials is 1; it must be between 1000 and 1000000.");
        yield return Case(new() { MaxSessionsPerGroup = 0 }, "MaxSessionsPerGroup is 0; it must be between 1 and 1000000.");
        yield return Case(new() { MaxRequestHeaderCount = 1 }, "MaxRequestHeaderCount is 1; it must be between 16 and 10000.");
        yield return Case(new() { MaxRequestHeadersTotalSize = 1 }, "MaxRequestHeadersTotalSize is 1; it must be between 8192 and 1048576.");
        yield return Case(new() { MinimumDataRate = 0 }, "MinimumDataRate is 0; it must be between 1 and 1000000.");
        yield return Case(new() { RequestHeadersTimeout = TimeSpan.Zero }, "RequestHeadersTimeout is 00:00:00; it must be between 00:00:01 and 00:10:00.");
        yield return Case(new() { FailedHeartbeatsAtOnce = -1 }, "FailedHeartbeatsAtOnce is -1; it must be between 0 and 1000000.");
        yield return Case(new() { RequestBodyTimeout = TimeSpan.Zero }, "RequestBodyTimeout is 00:00:00; it must be between 00:00:01 and 00:10:00.");
        yield return Case(new() { AnswerTimeout = TimeSpan.Zero }, "AnswerTimeout is 00:00:00; it must be between 00:00:01 and 00:10:00.");
        yield return Case(new() { MaxUnfinishedBytesPerCaller = 1 }, "MaxUnfinishedBytesPerCaller is 1; it must be 0 or between 1048576 and 1073741824.");
        yield return Case(new() { MaxUnreadBytesPerCaller = 1 }, "MaxUnreadBytesPerCaller is 1; it must be 0 or between 1048576 and 1073741824.");
        yield return Case(new() { IdleConnectionTimeout = TimeSpan.Zero }, "IdleConnectionTimeout is 00:00:00; it must be between 00:00:01 and 1.00:00:00.");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Check_OneMistake_IsReportedAlone(object options, string mistake) =>
        Assert.That(ServiceOptionsRules.Check((ServiceOptions)options), Is.EqualTo(new[] { mistake }));

    [TestCase("/nowhere/keys.pfx")]
    [TestCase("")]
    public void Check_CertificateOfKeysThatIsNone_IsAMistake(string path) => Assert.That(
        ServiceOptionsRules.Check(new() { DataDirectory = "data", KeyProtectionCertificate = path }).Single(),
        Does.StartWith($"KeyProtectionCertificate is '{path}'; it must be a PFX or PEM file with a certificate and its RSA key"));

    [Test]
    public void Check_Defaults_AreGood() => Assert.That(ServiceOptionsRules.Check(new() { DataDirectory = "data" }), Is.Empty);

    [Test]
    public void Check_AnyFreePorts_AreGood() =>
        Assert.That(ServiceOptionsRules.Check(new() { Port = 0, CleartextHttpPort = 0, CleartextGrpcPort = 0, DataDirectory = "data" }), Is.Empty);

    [Test]
    public void Check_SeveralMistakes_ReportsAll()
    {
        var mistakes = ServiceOptionsRules.Check(new() { Port = -1, Address = "x", DrainTimeout = -Second, HistoryPerGroup = -1 });

        Assert.That(mistakes, Has.Count.EqualTo(4));
    }

    [Test]
    public void ToEngineSettings_Defaults_AreThoseOfTheEngine() =>
        Assert.That(new ServiceOptions().ToEngineSettings(), Is.EqualTo(new Engine.EngineSettings()));

    private static string CertificateName(string name) =>
        $"CertificateName is '{name}'; it must be at most 100 letters a-z, digits, '.', '-' or '_', and not start with '.'.";

    private static TestCaseData Case(ServiceOptions options, string mistake) =>
        new TestCaseData(options.DataDirectory == new ServiceOptions().DataDirectory ? options with { DataDirectory = "data" } : options, mistake)
            .SetArgDisplayNames(mistake);
}
