using ClientFailover.Client.Connection;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>What an address says.</summary>
[TestFixture]
public sealed class EndpointTests
{
    [TestCase("https://host:5590/api/v1/clientfailover", "https://host:5590/api/v1/clientfailover/", "", "")]
    [TestCase("https://host:5590/api/v1/clientfailover/", "https://host:5590/api/v1/clientfailover/", "", "")]
    [TestCase("https://host/api/v1/Tenants/t%201/Namespaces/n/ClientFailover", "https://host/api/v1/Tenants/t%201/Namespaces/n/ClientFailover/", "t 1", "n")]
    [TestCase("http://host/behind/proxy/api/v1/tenants/t/namespaces/n/clientfailover/", "http://host/behind/proxy/api/v1/tenants/t/namespaces/n/clientfailover/", "t", "n")]
    public void New_Address_IsTakenApart(string address, string rest, string tenant, string @namespace)
    {
        var endpoint = new Endpoint(new Uri(address));

        Assert.That(endpoint.Rest.AbsoluteUri, Is.EqualTo(rest));
        Assert.That((endpoint.Tenant, endpoint.Namespace), Is.EqualTo((tenant, @namespace)));
        Assert.That(endpoint.Authority.AbsolutePath, Is.EqualTo("/"));
    }
}
