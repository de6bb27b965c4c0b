using ClientFailover.Service.Identity;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity;

public sealed class CallerTests
{
    [TestCase("ann", "ann", null, "ann")]
    [TestCase("ann", "7c1", null, "ann (id 7c1)")]
    [TestCase("ann", "ann", "acme", "ann (tenant acme)")]
    [TestCase("admin", "7c1", "acme", "admin (id 7c1, tenant acme)")]
    [TestCase("admin", "7\n1", "a\u202eb", "admin (id 7?1, tenant a?b)")]
    public void Identification_OfANameThatPeopleMayChoose_HasWhatTheyMayNot(string name, string id, string? tenant, string told) =>
        Assert.That(new Caller(name, CallerKind.User, id, tenant, [], "Bearer").Identification, Is.EqualTo(told));
}
