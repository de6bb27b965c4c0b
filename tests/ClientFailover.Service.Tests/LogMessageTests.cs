using System.Reflection;
using ClientFailover.Service.Groups;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests;

/// <summary>People filter and alert by the ids of log messages: each is of one message.</summary>
public sealed class LogMessageTests
{
    [Test]
    public void EventIds_OfAllMessages_AreUnique()
    {
        const BindingFlags any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var ids = typeof(GroupOwner).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(any))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>()
            .ToList();

        Assert.That(ids, Has.Count.GreaterThan(30), "They are found.");
        Assert.That(ids, Is.Unique);
        Assert.That(ids, Is.All.GreaterThan(0));
    }
}
