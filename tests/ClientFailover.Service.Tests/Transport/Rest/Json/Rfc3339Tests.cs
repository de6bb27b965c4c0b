using ClientFailover.Service.Transport.Rest.Json;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Rest.Json;

internal sealed class Rfc3339Tests
{
    [TestCase("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.0000000Z")]
    [TestCase("2026-01-02t03:04:05z", "2026-01-02T03:04:05.0000000Z")]
    [TestCase("2026-01-02T03:04:05", "2026-01-02T03:04:05.0000000Z")]
    [TestCase("2026-01-02T03:04:05.1", "2026-01-02T03:04:05.1000000Z")]
    [TestCase("2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.1234567Z")]
    [TestCase("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.1234567Z")]
    [TestCase("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05.0000000Z")]
    [TestCase("2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05.0000000Z")]
    [TestCase("2026-01-02T03:04:05.5+23:59", "2026-01-01T03:05:05.5000000Z")]
    [TestCase("2024-02-29T23:59:59-01:00", "2024-03-01T00:59:59.0000000Z")]
    [TestCase("0001-01-01T00:00:00", "0001-01-01T00:00:00.0000000Z")]
    [TestCase("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00.0000000Z")]
    [TestCase("0001-01-01T00:00:00-05:00", "0001-01-01T00:00:00.0000000Z")]
    [TestCase("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    public void TryParse_OfATime_IsUtc(string text, string expected)
    {
        Assert.That(Rfc3339.TryParse(text, out var time), Is.True);
        Assert.That(time.ToString("O"), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("2026-01-02")]
    [TestCase("2026-01-02T03:04Z")]
    [TestCase("2026-01-02 03:04:05Z")]
    [TestCase("2026-13-02T03:04:05Z")]
    [TestCase("2026-02-29T03:04:05Z")]
    [TestCase("2026-01-02T24:00:00Z")]
    [TestCase("2026-01-02T03:04:60Z")]
    [TestCase("2026-01-02T03:04:05.Z")]
    [TestCase("2026-01-02T03:04:05+1:00")]
    [TestCase("2026-01-02T03:04:05+24:00")]
    [TestCase("2026-01-02T03:04:05 Z")]
    [TestCase("2026-01-02T03:04:05ZZ")]
    [TestCase("0000-01-01T00:00:00Z")]
    [TestCase("9999-12-31T23:59:59-01:00")]
    [TestCase("２026-01-02T03:04:05Z")]
    public void TryParse_OfAnythingElse_IsFalse(string text) => Assert.That(Rfc3339.TryParse(text, out _), Is.False);
}
