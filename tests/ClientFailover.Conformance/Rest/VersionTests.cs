using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

internal sealed class VersionTests : RestTests
{
    [TestCase("/api/v1/clientfailover")]
    [TestCase("/api/v1/clientfailover/")]
    [TestCase("/API/V1/ClientFailover/")]
    [TestCase("/api/v1/tenants/default/namespaces/default/clientfailover")]
    [TestCase("/api/v1/Tenants/Default/Namespaces/DEFAULT/ClientFailover/")]
    public async Task GetVersion_OnEitherBase_IsAnswered(string path) => (await User.GetAsync(path)).MustBe(200, """{"Version":"0.1.0"}""");
}
