using ClientFailover.Service.Configuration;
using ClientFailover.Service.Logging;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;
using ClientFailover.Service.Transport.Rest.Json;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>
/// Responsible for the calls about the configuration: checks a document against what is in force, maps it, and changes that.
/// </summary>
/// <param name="configuration">What is in force.</param>
/// <param name="protection">Encrypts secrets.</param>
/// <param name="level">The level of the log as long as none was set.</param>
internal sealed class ConfigurationService(ConfigurationStore configuration, SecretProtection protection, LogLevelSwitch level)
    : V1.ConfigurationService.ConfigurationServiceBase
{
    private static readonly Place WholeList = new("HealthEndpoints", "configuration.health_endpoints");
    private static readonly Place List = new("HealthEndpoints", "health_endpoints");
    private static readonly Place One = new("", "health_endpoint");

    /// <inheritdoc/>
    public override Task<V1.Configuration> GetConfiguration(V1.GetConfigurationRequest request, ServerCallContext context)
    {
        var current = configuration.Current;
        var wire = new V1.Configuration { Logging = Logging(current) };
        wire.HealthEndpoints.AddRange(current.HealthEndpoints.Select(ToWire));
        return Task.FromResult(wire);
    }

    /// <inheritdoc/>
    public override async Task<Empty> SetConfiguration(V1.SetConfigurationRequest request, ServerCallContext context)
    {
        await ChangeAsync(context, (current, violations) =>
        {
            var wanted = request.Configuration;
            if (wanted is null)
            {
                violations.Add("The body", "configuration", "must be a configuration");
                violations.ThrowIfAny();
            }

            if (wanted!.Logging is not null)
            {
                LoggingRules.Check(ref violations, wanted.Logging, new Place("Logging", "configuration.logging"));
            }

            HealthEndpointRules.Check(ref violations, wanted.HealthEndpoints, WholeList, current, replaces: true);
            violations.ThrowIfAny();
            return new ServiceConfiguration(wanted.Logging?.LogLevel.ToDomain(), wanted.HealthEndpoints.ToDomain(current, protection));
        });
        return new Empty();
    }

    /// <inheritdoc/>
    public override Task<V1.LoggingConfiguration> GetLogging(V1.GetLoggingRequest request, ServerCallContext context) =>
        Task.FromResult(Logging(configuration.Current));

    /// <inheritdoc/>
    public override async Task<Empty> SetLogging(V1.SetLoggingRequest request, ServerCallContext context)
    {
        await ChangeAsync(context, (current, violations) =>
        {
            LoggingRules.Check(ref violations, request.Logging, new Place("", "logging"));
            violations.ThrowIfAny();
            return current with { Level = request.Logging.LogLevel.ToDomain() };
        });
        return new Empty();
    }

    /// <inheritdoc/>
    public override Task<V1.ListHealthEndpointsResponse> ListHealthEndpoints(V1.ListHealthEndpointsRequest request, ServerCallContext context)
    {
        var response = new V1.ListHealthEndpointsResponse();
        response.HealthEndpoints.AddRange(configuration.Current.HealthEndpoints.Select(ToWire));
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task<Empty> CreateHealthEndpoints(V1.CreateHealthEndpointsRequest request, ServerCallContext context)
    {
        await ChangeAsync(context, (current, violations) =>
        {
            HealthEndpointRules.Check(ref violations, request.HealthEndpoints, List, current, replaces: false);
            violations.ThrowIfAny();
            var known = request.HealthEndpoints.Where(e => e.HasId && current.Find(e.Id) is not null).Select(e => e.Id).ToList();
            if (known.Count > 0)
            {
                throw new FailureException(ConfigurationFailures.Exist(known));
            }

            return current with { HealthEndpoints = [.. current.HealthEndpoints, .. request.HealthEndpoints.ToDomain(current, protection)] };
        });
        return new Empty();
    }

    /// <inheritdoc/>
    public override async Task<Empty> ReplaceHealthEndpoints(V1.ReplaceHealthEndpointsRequest request, ServerCallContext context)
    {
        await ChangeAsync(context, (current, violations) =>
        {
            HealthEndpointRules.Check(ref violations, request.HealthEndpoints, List, current, replaces: true);
            violations.ThrowIfAny();
            return current with { HealthEndpoints = request.HealthEndpoints.ToDomain(current, protection) };
        });
        return new Empty();
    }

    /// <inheritdoc/>
    public override async Task<Empty> DeleteHealthEndpoints(V1.DeleteHealthEndpointsRequest request, ServerCallContext context)
    {
        await ChangeAsync(context, (current, _) => current with { HealthEndpoints = [] });
        return new Empty();
    }

    /// <inheritdoc/>
    public override Task<V1.HealthEndpoint> GetHealthEndpoint(V1.GetHealthEndpointRequest request, ServerCallContext context)
    {
        CheckRoute(request.HealthEndpointId);
        return Task.FromResult(ToWire(Find(configuration.Current, request.HealthEndpointId)));
    }

    /// <inheritdoc/>
    public override async Task<Empty> SetHealthEndpoint(V1.SetHealthEndpointRequest request, ServerCallContext context)
    {
        CheckRoute(request.HealthEndpointId);
        await ChangeAsync(context, (current, violations) =>
        {
            var stored = Find(current, request.HealthEndpointId);
            HealthEndpointRules.CheckReplacement(ref violations, request.HealthEndpoint, One, stored);
            violations.ThrowIfAny();
            return current with { HealthEndpoints = current.HealthEndpoints.Replace(stored, request.HealthEndpoint.ToDomain(stored, protection)) };
        });
        return new Empty();
    }

    /// <inheritdoc/>
    public override async Task<Empty> DeleteHealthEndpoint(V1.DeleteHealthEndpointRequest request, ServerCallContext context)
    {
        CheckRoute(request.HealthEndpointId);
        await ChangeAsync(
            context, (current, _) => current with { HealthEndpoints = current.HealthEndpoints.Remove(Find(current, request.HealthEndpointId)) });
        return new Empty();
    }

    private static void CheckRoute(string id)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, id, "Id", "health_endpoint_id");
        violations.ThrowIfAny();
    }

    private static HealthEndpoint Find(ServiceConfiguration current, string id) =>
        current.Find(id) ?? throw new FailureException(ConfigurationFailures.NotFound(id));

    /// <summary>Makes a change, whose mistakes begin with those that were found when a body of REST was read.</summary>
    private Task ChangeAsync(ServerCallContext context, Func<ServiceConfiguration, Violations, ServiceConfiguration> change)
    {
        var http = context.GetHttpContext();
        var violations = new Violations((http.IsRest() ? http.Features.Get<ReadDocument>() : null)?.Violations ?? []);
        return configuration.ChangeAsync(current => change(current, violations), context.CancellationToken);
    }

    private V1.LoggingConfiguration Logging(ServiceConfiguration current) => new() { LogLevel = (current.Level ?? level.OfSettings).ToWire() };

    private V1.HealthEndpoint ToWire(HealthEndpoint endpoint) => endpoint.ToWire(configuration.IsUnreadable(endpoint));
}
