using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Authorization;

namespace ClientFailover.Service.Transport.Authorization;

/// <summary>Responsible for holding every endpoint of a gRPC method, and of its REST routes, to its row of the role matrix.</summary>
internal static class OperationPolicies
{
    /// <summary>Gives an endpoint the policy of its row, if it is one of a method.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <exception cref="InvalidOperationException">Its method has no row.</exception>
    public static void Apply(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().FirstOrDefault() is { } method)
        {
            var operation = Operations.Of(method.Method.FullName);
            endpoint.Metadata.Add(operation);
            endpoint.Metadata.Add(new AuthorizeAttribute(operation.Policy));
        }
    }

    /// <summary>
    /// Makes the endpoints now, which otherwise come to be with the first request: a method without a row fails at start.
    /// </summary>
    /// <param name="routes">Where the endpoints were mapped.</param>
    /// <exception cref="InvalidOperationException">A method has no row.</exception>
    public static void Verify(IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in routes.DataSources.SelectMany(s => s.Endpoints))
        {
            if (endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is { } method && endpoint.Metadata.GetMetadata<Operation>() is null)
            {
                throw new InvalidOperationException($"The method {method.Method.FullName} is mapped without its row of the role matrix.");
            }
        }
    }
}
