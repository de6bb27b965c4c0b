using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Authorization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Authorization;

public sealed class OperationsTests : ApiTests
{
    [Test]
    public void Endpoints_OfAllMethods_AreHeldToTheirRowAndEveryRowIsUsed()
    {
        var methods = Host.Endpoints.Where(e => e.Metadata.GetMetadata<GrpcMethodMetadata>() is not null).ToList();

        foreach (var endpoint in methods)
        {
            var row = Operations.Of(endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method.FullName);
            Assert.That(endpoint.Metadata.GetMetadata<Operation>(), Is.SameAs(row));
            Assert.That(endpoint.Metadata.OfType<IAuthorizeData>().Select(a => a.Policy), Is.EqualTo(new[] { row.Policy }), row.Method);
            Assert.That(endpoint.Metadata.GetMetadata<IAllowAnonymous>(), Is.Null);
        }

        Assert.That(
            methods.Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method.FullName).Distinct(),
            Is.EquivalentTo(Operations.All.Select(o => o.Method)));
    }

    [Test]
    public void All_RightsThatUsersLackByDefault_AreTheAdministrators()
    {
        foreach (var row in Operations.All.Where(o => !AccessList.Default.Allows(TestCallers.Adapter, o.Rights)))
        {
            Assert.That(row.Policy, Is.Not.EqualTo(Policies.Users), row.Method);
        }
    }

    [Test]
    public void Apply_MethodWithoutARow_Fails()
    {
        var text = Marshallers.Create<string>(_ => [], _ => "");
        var endpoint = new RouteEndpointBuilder(_ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/x"), 0);
        endpoint.Metadata.Add(new GrpcMethodMetadata(typeof(object), new Method<string, string>(MethodType.Unary, "new.Service", "Call", text, text)));

        Assert.That(() => OperationPolicies.Apply(endpoint), Throws.InvalidOperationException.With.Message.Contains("/new.Service/Call"));
    }

    [Test]
    public async Task Verify_MethodMappedWithoutItsRow_Fails()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddGrpcReflection();
        await using var app = builder.Build();
        app.MapGrpcReflectionService();

        Assert.That(() => OperationPolicies.Verify(app), Throws.InvalidOperationException.With.Message.Contains("ServerReflectionInfo"));
    }
}
