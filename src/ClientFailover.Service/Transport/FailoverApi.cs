using System.Reflection;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Transport.Adapters;
using ClientFailover.Service.Transport.Auditing;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Namespaces;
using ClientFailover.Service.Transport.Rest;
using ClientFailover.Service.Transport.Rest.Json;
using ClientFailover.Service.Transport.Services;
using ClientFailover.Service.Transport.Validation;
using Grpc.AspNetCore.HealthChecks;
using Grpc.AspNetCore.Server;
using Grpc.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport;

/// <summary>Puts the API, REST and gRPC, into a host.</summary>
internal static class FailoverApi
{
    /// <summary>
    /// Adds what the API needs of its own. Besides, it needs the groups, the configuration, the store, the audit, and
    /// authentication with the policies of <see cref="Policies"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The options, to be bound by the host.</returns>
    public static OptionsBuilder<TransportOptions> AddFailoverApi(this IServiceCollection services)
    {
        services.AddGrpc()
            .AddInterceptor<VersionService>()
            .AddInterceptor<GroupService>()
            .AddInterceptor<SessionService>()
            .AddInterceptor<EventService>()
            .AddInterceptor<AccessControlService>()
            .AddInterceptor<TenantService>()
            .AddInterceptor<ConfigurationService>()
            .AddInterceptor<ReflectionServiceImpl>()
            .AddInterceptor<ReflectionV1ServiceImpl>()
            .AddInterceptor(HealthService)
            .AddJsonTranscoding();
        services.AddOptions<GrpcServiceOptions>()
            .Configure<IOptions<TransportOptions>>((grpc, transport) =>
            {
                grpc.MaxReceiveMessageSize = transport.Value.MaxRequestBodySize;

                // No message is large enough to gain by it, and the framework unpacks whatever a small one may hold before it looks at the size.
                grpc.CompressionProviders = [];
            });
        services.AddGrpcReflection();

        services.AddFailoverHealth();
        services.AddGrpcHealthChecks();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IPostConfigureOptions<GrpcJsonTranscodingOptions>, TranscodingSerialization>();
        services.AddSingleton<RestFailureWriter>();
        services.AddSingleton<NamespaceScope>();
        services.AddSingleton<AccessCheck>();
        services.AddSingleton<GroupRules>();

        // Singletons, or each call would make its own.
        services.AddSingleton<CallFailures>();
        services.AddSingleton<ApiInterceptor>();
        services.AddSingleton<AdministrativeCalls>();
        services.AddSingleton<RefusedAccess>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuditedAuthorization>();
        services.AddSingleton<VersionService>();
        services.AddSingleton<GroupService>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<EventService>();
        services.AddSingleton<AccessControlService>();
        services.AddSingleton<TenantService>();
        services.AddSingleton<ConfigurationService>();
        services.AddSingleton<BrokenLinks>();
        services.AddSingleton<OpenLinks>();
        services.AddSingleton<OpenWatches>();
        services.AddSingleton<StreamIdentities>();
        services.AddHostedService(s => s.GetRequiredService<StreamIdentities>());
        services.AddMeters();
        services.AddSingleton<ReplyPool>();
        services.AddSingleton<AdapterService>();
        return services.AddOptions<TransportOptions>();
    }

    /// <summary>Maps the API, with the middleware that it needs in the order that it needs. Call it before any other middleware is added.</summary>
    /// <param name="app">The host.</param>
    public static void MapFailoverApi(this WebApplication app)
    {
        // Outermost: also what authentication and routing refuse gets the documented body.
        app.UseMiddleware<RestErrorMiddleware>();
        app.UseMiddleware<GrpcRefusalMiddleware>();
        app.UseRouting();
        app.UseFailoverIdentity();

        // Before what unpacks gRPC-Web: it counts what comes.
        app.UseMiddleware<BodyLimits>();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });

        app.MapFailoverService<VersionService>();
        app.MapFailoverService<GroupService>();
        app.MapFailoverService<SessionService>();
        app.MapFailoverService<EventService>();
        app.MapFailoverService<AccessControlService>();
        app.MapFailoverService<TenantService>();
        app.MapFailoverService<ConfigurationService>();
        MapNative(app.MapGrpcService<AdapterService>().DisableHttpMetrics());
        MapNative(app.MapGrpcReflectionService());
        MapNative(app.MapGrpcHealthChecksService());
        OperationPolicies.Verify(app);

        // Else made by the first call, whose caller would be told of a message that cannot be read.
        app.Services.GetRequiredService<ApiInterceptor>();
    }

    // The package keeps it to itself, but not what it comes from.
    private static Type HealthService { get; } = typeof(GrpcHealthChecksOptions).Assembly.GetTypes().Single(t => t.IsSubclassOf(typeof(Grpc.Health.V1.Health.HealthBase)));

    private static void MapNative(IEndpointConventionBuilder endpoints)
    {
        endpoints.Add(OperationPolicies.Apply);
        endpoints.Add(UnreadableRequest.Wrap);
    }

    private static IGrpcServerBuilder AddInterceptor<TService>(this IGrpcServerBuilder grpc)
        where TService : class => grpc.AddServiceOptions<TService>(options => options.Interceptors.Add<ApiInterceptor>());

    private static IGrpcServerBuilder AddInterceptor(this IGrpcServerBuilder grpc, Type service) => (IGrpcServerBuilder)typeof(FailoverApi)
        .GetMethods(BindingFlags.NonPublic | BindingFlags.Static)
        .Single(m => m is { Name: nameof(AddInterceptor), IsGenericMethodDefinition: true })
        .MakeGenericMethod(service)
        .Invoke(null, [grpc])!;

    private static void MapFailoverService<TService>(this WebApplication app)
        where TService : class
    {
        var endpoints = app.MapGrpcService<TService>();
        endpoints.Add(OperationPolicies.Apply);
        endpoints.Add(RestEndpoint.Wrap);
        endpoints.Add(UnreadableRequest.Wrap);
    }
}
