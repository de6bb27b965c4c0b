using ClientFailover.Engine;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Storage;

/// <summary>Compares durable states by what they hold: records compare collections by reference.</summary>
internal static class DurableGroupAssert
{
    public static void AreSame(DurableGroup actual, DurableGroup expected)
    {
        Assert.Multiple(() =>
        {
            Assert.That(actual with { Sessions = DurableGroup.Absent.Sessions }, Is.EqualTo(expected with { Sessions = DurableGroup.Absent.Sessions }));
            Assert.That(actual.Sessions.Values.OrderBy(s => s.Id, StringComparer.OrdinalIgnoreCase), Is.EqualTo(expected.Sessions.Values.OrderBy(s => s.Id, StringComparer.OrdinalIgnoreCase)));
        });
    }
}
