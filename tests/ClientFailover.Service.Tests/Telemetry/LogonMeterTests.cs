using ClientFailover.Service.Telemetry;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

public sealed class LogonMeterTests
{
    [Test]
    public void Failed_BySchemeAndStatus_IsCounted()
    {
        using var reading = new MeterReading();
        var logons = new LogonMeter(reading.Meter);

        logons.Failed("Basic", 401);
        logons.Failed("Basic", 429);
        logons.Failed("Bearer", 503);
        logons.Failed(null, 401);
        logons.Failed("Digest", 401);

        Assert.That(reading.ReadAll(Instruments.LogonsFailed), Is.EqualTo(new Dictionary<string, double>
        {
            ["scheme=basic,outcome=refused"] = 1,
            ["scheme=basic,outcome=limited"] = 1,
            ["scheme=bearer,outcome=unavailable"] = 1,
            ["scheme=none,outcome=refused"] = 2,
        }));
    }
}
